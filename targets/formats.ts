import { csvFormat } from './csv.js'
import type { Format } from './list.js'
import type { FormatName } from './uri.js'
import { xlsxFormat } from './xlsx.js'
import { yamlFormat } from './yaml.js'

/** How each format is read and written. */
export const FORMATS = { yaml: yamlFormat, csv: csvFormat, xlsx: xlsxFormat } as const satisfies Readonly<
  Record<FormatName, Format>
>
