/** Some statements of a script, and what they are for. */
export interface Section {
  readonly comment: readonly string[]
  readonly statements: readonly string[]
}

/** A script for psql, all of it or nothing. Notices of what is there already would hide what matters. */
export function script(head: readonly string[], sections: readonly Section[]): string {
  const bodies = sections.map(
    ({ comment, statements }) =>
      `${comments(comment)}${statements.map((text) => `${broken(text)};\n`).join('')}`,
  )
  return [`${comments(head)}begin;\nset local client_min_messages = warning;\n`, ...bodies, 'commit;\n'].join(
    '\n',
  )
}

function comments(lines: readonly string[]): string {
  // A name may hold a line's end, behind which it would be no comment any more.
  return lines.map((line) => `-- ${line.replaceAll(/[\r\n]/gu, ' ')}\n`).join('')
}

/** Statements of PL/pgSQL, all of them under a condition where one is given. */
export function block(statements: readonly string[], condition?: string): string {
  const depth = condition === undefined ? '  ' : '    '
  const lines = statements.map((text) => `${depth}${broken(text).replaceAll('\n', `\n${depth}`)};`)
  const body = condition === undefined ? lines : [`  if ${condition} then`, ...lines, '  end if;']
  return quoted(['begin', ...body, 'end'].join('\n'))
}

/** A `do` block; its quotes are none that it holds. */
function quoted(body: string): string {
  let tag = '$sql$'
  while (body.includes(tag)) tag = tag.replace('$sql', '$sql_')
  return `do ${tag}\n${body}\n${tag}`
}

const TOKEN = /"(?:[^"]|"")*"|'(?:[^']|'')*'|[(),]|[^"'(),]+/gu

/** A statement that creates or alters a table, with each column on a line of its own. */
function broken(statement: string): string {
  if (!/^(?:create|alter) table /u.test(statement)) return statement
  const creates = statement.startsWith('create')
  const columns = creates ? 1 : 0
  let depth = 0
  let text = ''
  for (const token of statement.replace(/ (?=add column )/u, '\n  ').match(TOKEN) ?? []) {
    if (token === ')') depth -= 1
    if (creates && token === ')' && depth === 0) text += '\n'
    text += text.endsWith('\n  ') ? token.trimStart() : token
    if (token === '(') depth += 1
    if ((creates && token === '(' && depth === 1) || (token === ',' && depth === columns)) text += '\n  '
  }
  return text
}
