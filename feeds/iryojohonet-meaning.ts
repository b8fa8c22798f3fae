import { prefectureName, prefectureOf } from '../core/prefectures.js'
import type { Completed, Fields, Known, Notes } from './feed.js'
import { checkedId } from './iryojohonet-ids.js'
import { openWeeks } from './opening.js'

/** What a record of an institution of a type means; null where it was rejected. */
export function complete(fields: Fields, type: string, notes: Notes): Completed | null {
  const prefecture = prefectureIn(fields, notes)
  if (prefecture === null) return null
  const published = fields.get('medical_id') ?? ''
  const id = checkedId(published, prefecture, notes)
  if (id === null) return null
  const restored = (fields.get('prefecture_code') ?? prefecture) !== prefecture
  if (restored && id === published) notes.warn('ZERO_RESTORED', 'prefecture_code')
  if ((fields.get('institution_type') ?? type) !== type)
    return notes.reject('TYPE_CONTRADICTS', 'institution_type')
  return {
    scope: `${prefecture}-${type}`,
    values: {
      medical_id: id,
      prefecture_code: prefecture,
      institution_type: type,
      open_weeks: openWeeks(fields),
      ...coordinates(fields, notes),
    },
  }
}

/** What is known of a record that was rejected. */
export function known(fields: Fields, type: string, notes: Notes): Known | null {
  const published = fields.get('medical_id') ?? ''
  const prefecture = prefectureIn(fields, notes)
  // Whether a zero was lost is not certain where the prefecture is not.
  if (prefecture === null && notes.repair && /^[1-9]\d*$/u.test(published)) return null
  const id = checkedId(published, prefecture ?? '', notes)
  if (id === null) return null
  const scope = prefecture === null ? null : `${prefecture}-${fields.get('institution_type') ?? type}`
  return { scope, values: { medical_id: id } }
}

function prefectureIn(fields: Fields, notes: Notes): string | null {
  const code = fields.get('prefecture_code') ?? prefectureOf(fields.get('address') ?? '') ?? ''
  if (prefectureName(code) !== undefined) return code
  if (!/^[1-9]$/u.test(code)) return notes.reject('PREFECTURE_INVALID', 'prefecture_code')
  notes.sign('zero', 'prefecture_code')
  return notes.repair ? `0${code}` : notes.reject('PREFECTURE_INVALID', 'prefecture_code')
}

/** 0.0, 0.0 is published where there are none. */
function coordinates(fields: Fields, notes: Notes): Completed['values'] {
  const [latitude, longitude] = [fields.get('latitude'), fields.get('longitude')]
  if (latitude === null && longitude === null) return {}
  const [north, east] = [Number(latitude), Number(longitude)]
  if (latitude !== null && longitude !== null) {
    if (north >= 20 && north <= 46 && east >= 122 && east <= 154) return {}
  }
  if (north !== 0 || east !== 0)
    notes.drop('COORDINATES_OUTSIDE', north >= 20 && north <= 46 ? 'longitude' : 'latitude')
  return { latitude: null, longitude: null }
}
