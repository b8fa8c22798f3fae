/** Markup that was made by `html`, and may stand in a page as it is. */
export class Markup {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  toString(): string {
    return this.#text
  }
}

/** What may stand in a template: texts are escaped, markup is not, false, null and undefined are nothing. */
export type Content = Markup | string | number | false | null | undefined | readonly Content[]

/** Markup from a template: whatever is put in is text, unless it was made in the same way. */
export function html(strings: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return new Markup(strings.reduce((text, string, index) => `${text}${render(contents[index - 1])}${string}`))
}

function render(content: Content): string {
  if (content instanceof Markup) return content.toString()
  if (content === null || content === undefined || content === false) return ''
  if (typeof content === 'object') return content.map(render).join('')
  return escape(String(content))
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** For text as for attributes in quotes. */
function escape(text: string): string {
  return text.replaceAll(/[&<>"']/gu, (character) => ENTITIES[character] ?? '')
}
