import type { FastifyReply } from 'fastify'
import { form } from '../markup/form.js'
import type { Gate } from './gate.js'
import { html, type Markup } from '../markup/html.js'
import { sendPage } from '../markup/layout.js'
import type { Visit } from '../request/visit.js'

/** The way that somebody goes through it. */
interface Going {
  /** Where they wanted to be. */
  readonly back: string
  /** What they typed, where it was wrong. */
  readonly failed?: { readonly name: string }
}

export function sendSignIn(reply: FastifyReply, visit: Visit, gate: Gate, going: Going): FastifyReply {
  return sendPage(reply, visit, {
    title: visit.say('サインイン', 'Sign in'),
    body: gate.by === 'openid' ? link(visit, going) : fields(visit, going),
  })
}

function link({ say }: Visit, { back }: Going): Markup {
  return html`<p>
    <a class="button" href="/sign-in/openid?back=${encodeURIComponent(back)}"
      >${say('会社のアカウントでサインイン', 'Sign in with your company account')}</a
    >
  </p>`
}

function fields(visit: Visit, { back, failed }: Going): Markup {
  const { say } = visit
  return html`${
    failed !== undefined &&
    html`<p class="error" role="alert">
      ${say('利用者名かパスワードが違います', 'That is not the name, or not the password')}
    </p>`
  }
  ${form(
    visit,
    '/sign-in',
    html`<input type="hidden" name="back" value="${back}" />
      <p>
        <label for="name">${say('利用者名', 'User name')}</label>
        <input
          id="name"
          name="name"
          value="${failed?.name}"
          autocomplete="username"
          required
          maxlength="64"
        />
      </p>
      <p>
        <label for="password">${say('パスワード', 'Password')}</label>
        <input
          id="password"
          name="password"
          type="password"
          autocomplete="current-password"
          required
          maxlength="1000"
        />
      </p>
      <p><button>${say('サインイン', 'Sign in')}</button></p>`,
  )}`
}
