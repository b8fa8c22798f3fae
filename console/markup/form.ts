import { html, type Content, type Markup } from './html.js'
import { TOKEN } from '../request/token.js'
import type { Visit } from '../request/visit.js'

/** A form that changes something. */
export function form(visit: Visit, action: string, content: Content, attributes: Content = ''): Markup {
  return html`<form method="post" action="${action}" ${attributes}>${token(visit)}${content}</form>`
}

/** Says that it was our own page that asked. */
export function token({ session }: Visit): Markup {
  return html`<input type="hidden" name="${TOKEN}" value="${session.token}" />`
}
