import type { Format } from './list.js'

export const csvFormat: Format = {
  read: () => {
    throw new Error('not yet')
  },
  write: () => {
    throw new Error('not yet')
  },
}
