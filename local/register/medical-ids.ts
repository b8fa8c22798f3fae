import type { InstitutionType } from './names.js'

/**
 * The id of the `serial`-th institution of a prefecture (serial from 1 to 99,999). The real ones follow no common
 * rule: 5 to 13 characters, letters in some prefectures, leading zeros in nine. Hence the same variety here.
 */
export function medicalId(prefecture: string, type: InstitutionType, serial: number): string {
  const padded = (length: number) => String(serial).padStart(length, '0')
  switch (prefecture) {
    case '03':
      return `03${type}03${type}${padded(5)}`
    case '04':
      return `04${type}7${padded(5)}`
    case '09':
      return `09${type}TC${padded(6)}`
    case '15':
      return `15${type}BYJTX${padded(5)}`
    case '31':
      return `31${type}tr${padded(6)}`
    case '37':
      return `37${type}KGW${padded(5)}`
    case '40':
      return serial % 2 === 0 ? `40${type}f${padded(6)}` : standard(prefecture, type, serial)
    case '42':
      return `42${type}hgo${padded(4)}`
    case '46':
      return `46${type}${padded(5)}`
    case '47':
      return serial % 2 === 0 ? `47${type}b${padded(4)}` : `47${padded(3)}`
    default:
      return standard(prefecture, type, serial)
  }
}

const standard = (prefecture: string, type: InstitutionType, serial: number) =>
  `${prefecture}${type}${type}${prefecture}${String(serial).padStart(6, '0')}0`
