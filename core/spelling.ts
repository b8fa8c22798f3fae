/** The one of the names that a word, which is none of them, was probably meant to be. */
export function meant(word: string, names: Iterable<string>): string | undefined {
  for (const name of names) if (isSlip(word, name)) return name
  return undefined
}

/**
 * One letter lost, changed or too many, or two neighbours swapped. Another letter at the end of a part makes another
 * word, which somebody may well mean: STATS_DIR beside STATE_DIR, HEALTHY_PORT beside HEALTH_PORT.
 */
function isSlip(word: string, name: string): boolean {
  let start = 0
  while (start < word.length && word[start] === name[start]) start++
  const [rest, wanted] = [word.slice(start), name.slice(start)]
  const [first = '', second = ''] = wanted
  if (rest === wanted.slice(1) || rest === second + first + wanted.slice(2)) return true
  const endsPart = !/^.[^_]/u.test(rest)
  return !endsPart && (rest.slice(1) === wanted.slice(1) || rest.slice(1) === wanted)
}
