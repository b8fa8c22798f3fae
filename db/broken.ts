const TOKEN = /"(?:[^"]|"")*"|'(?:[^']|'')*'|[(),]|[^"'(),]+/gu

/** A statement that creates a table, with each column on a line of its own; within quotes nothing is touched. */
export function broken(statement: string, indent: string): string {
  if (!statement.startsWith('create table ')) return statement
  const line = `\n${indent}  `
  let depth = 0
  let text = ''
  for (const token of statement.match(TOKEN) ?? []) {
    if (token === ')') depth -= 1
    if (token === ')' && depth === 0) text += `\n${indent}`
    text += text.endsWith(line) ? token.trimStart() : token
    if (token === '(') depth += 1
    if ((token === '(' || token === ',') && depth === 1) text += line
  }
  return text
}
