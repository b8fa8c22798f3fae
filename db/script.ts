/** Some statements of a script, and what they are for. */
export interface Section {
  readonly comment: readonly string[]
  readonly statements: readonly string[]
}

/** A script for psql, all of it or nothing. Notices of what is there already would hide what matters. */
export function script(head: readonly string[], sections: readonly Section[]): string {
  const bodies = sections.map(
    ({ comment, statements }) => `${comments(comment)}${statements.map((text) => `${text};\n`).join('')}`,
  )
  return [`${comments(head)}begin;\n${SETTINGS}`, ...bodies, 'commit;\n'].join('\n')
}

const SETTINGS = `set local client_min_messages = warning;
-- Whoever comes behind a statement that waits for a table waits too: after 5 s all is left as it was. Then run it again.
set local lock_timeout = '5s';
`

function comments(lines: readonly string[]): string {
  // A name may hold a line's end, behind which it would be no comment any more.
  return lines.map((line) => `-- ${line.replaceAll(/[\r\n]/gu, ' ')}\n`).join('')
}

/** A `do` block. The statements stand in it as they are: what looks like the beginning of a line may be within a text. */
export function block(statements: readonly string[]): string {
  return quoted(['begin', ...statements.map((text) => `  ${text};`), 'end'].join('\n'))
}

/** For `block`: statements under a condition. */
export function when(condition: string, statements: readonly string[]): string {
  return [`if ${condition} then`, ...statements.map((text) => `    ${text};`), '  end if'].join('\n')
}

/** A `do` block; its quotes are none that it holds. */
function quoted(body: string): string {
  let tag = '$sql$'
  while (body.includes(tag)) tag = tag.replace('$sql', '$sql_')
  return `do ${tag}\n${body}\n${tag}`
}
