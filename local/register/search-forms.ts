import { addressSearchForm, searchForm } from '../../core/normalise.js'
import type { Institution } from './institutions.js'

type Searched = Pick<Institution, 'name' | 'name_kana' | 'address'>

interface SearchForms {
  readonly name_search?: string
  readonly kana_search?: string
  readonly address_search?: string
}

/** The search forms of what an institution has, or gets, as an import would make them. */
export function searchForms({
  name,
  name_kana,
  address,
  prefecture_code,
}: Partial<Searched> & Pick<Institution, 'prefecture_code'>): SearchForms {
  return {
    ...(name === undefined ? {} : { name_search: searchForm(name) }),
    ...(name_kana === undefined ? {} : { kana_search: searchForm(name_kana) }),
    ...(address === undefined ? {} : { address_search: addressSearchForm(address, prefecture_code) }),
  }
}
