import type { Master } from '../../core/master.js'
import type { Place } from '../app.js'

/** The databases of the masters, each once. */
export function placesOf(masters: readonly Master[]): readonly Place[] {
  const places = masters.flatMap(({ source, cloud }): Place[] => [
    { side: 'source', database: source.database },
    { side: 'cloud', database: cloud.database },
  ])
  const first = (place: Place): number => places.findIndex((other) => isSame(place, other))
  const distinct = places.filter((place, index) => first(place) === index)
  return [
    ...distinct.filter(({ side }) => side === 'source'),
    ...distinct.filter(({ side }) => side === 'cloud'),
  ]
}

export function isSame(a: Place, b: Place): boolean {
  return a.side === b.side && a.database === b.database
}
