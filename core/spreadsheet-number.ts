const NUMBER = /(?:^|,)\d(?:\.\d+)?E\+\d+(?:,|$)/iu

/** Whether an id became a number such as 1.2E+10: a spreadsheet did that to a long one, and its digits are lost. */
export function isSpreadsheetNumber(id: string): boolean {
  return NUMBER.test(id)
}
