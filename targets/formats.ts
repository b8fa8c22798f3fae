import type { Format } from './list.js'
import type { FormatName } from './uri.js'

/** A format's reader and writer; what it needs is loaded with the first that is used. */
export async function formatNamed(name: FormatName): Promise<Format> {
  switch (name) {
    case 'yaml':
      return (await import('./yaml.js')).yamlFormat
    case 'csv':
      return (await import('./csv.js')).csvFormat
    case 'xlsx':
      return (await import('./xlsx.js')).xlsxFormat
  }
}
