/** The date in the name of a published file: `…_20260601.csv.zip`, `…_202409.csv.gz` (the first of the month). */
export function dateInName(name: string): string | undefined {
  for (const [, year, month, day = '01'] of name.matchAll(/(?<!\d)(\d{4})(\d{2})(\d{2})?(?!\d)/gu)) {
    const date = `${year}-${month}-${day}`
    if (Number(year) >= 1990 && isDate(date)) return date
  }
  return undefined
}

function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}
