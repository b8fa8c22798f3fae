import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { type Institution, institutions, newcomer } from '../../local/register/institutions.js'
import { prefectures } from '../../local/register/prefectures.js'
import { romaji } from '../../local/register/romaji.js'

const fingerprint = (rows: Iterable<Institution>) =>
  createHash('sha256')
    .update([...rows].map((row) => JSON.stringify(row)).join('\n'))
    .digest('hex')

describe('the made-up register', () => {
  let all: readonly Institution[]
  before(() => {
    all = [...institutions(120_000)]
  })

  it('is the same on every run and every machine', () => {
    assert.equal(fingerprint(institutions(1_000)), fingerprint(institutions(1_000)))
    assert.equal(
      fingerprint(institutions(1_000)),
      '521aeca7307677777ecd66331c5252b649e15bdccd9a2221d34e01b9464969bb',
    )
  })

  it('begins with the rows of a shorter one', () => {
    assert.equal(fingerprint(all.slice(0, 1_000)), fingerprint(institutions(1_000)))
  })

  it('gives every institution an id of its own, those that open later included', () => {
    const ids = all.map(({ medical_id }) => medical_id)
    const later = Array.from({ length: 30_000 }, (_, number) => newcomer(number).medical_id)
    assert.equal(new Set([...ids, ...later]).size, 150_000)
    for (const id of [...ids, ...later]) assert.match(id, /^[0-9A-Za-z]{5,13}$/)
  })

  it('has ids as various as the real ones: leading zeros, letters, short ones', () => {
    const share = (test: (row: Institution) => boolean) => all.filter(test).length / all.length
    assert.ok(share(({ medical_id }) => medical_id.startsWith('0')) > 0.1)
    assert.ok(share(({ medical_id }) => /[A-Za-z]/.test(medical_id)) > 0.03)
    assert.ok(share(({ medical_id }) => medical_id.length < 10) > 0.02)
    assert.ok(all.every(({ medical_id, prefecture_code }) => medical_id.startsWith(prefecture_code)))
  })

  it('covers all 47 prefectures, in proportion to their inhabitants', () => {
    const inhabitants = prefectures.reduce((sum, { population }) => sum + population, 0)
    assert.equal(prefectures.length, 47)
    for (const { code, population } of prefectures) {
      const found = all.filter(({ prefecture_code }) => prefecture_code === code).length
      const expected = (all.length * population) / inhabitants
      assert.ok(found > expected * 0.85 && found < expected * 1.15, `${code}: ${found} of ${expected}`)
    }
  })

  it('has the kinds of institutions in the ratio of the real register', () => {
    const expected = { 1: 0.037, 2: 0.389, 3: 0.265, 4: 0.01, 5: 0.299 }
    for (const [type, share] of Object.entries(expected)) {
      const found =
        all.filter(({ institution_type }) => institution_type === Number(type)).length / all.length
      assert.ok(Math.abs(found - share) < 0.01, `${type}: ${found}`)
    }
  })

  it('leaves nothing required empty, and everything else empty now and then', () => {
    const optional = ['short_name', 'name_romaji', 'latitude', 'longitude', 'phone', 'url', 'beds_general']
    for (const [name, value] of Object.entries(all[0] ?? {})) {
      const empty = all.filter((row) => row[name as keyof Institution] === null).length
      if (value !== null && /^(medical_id|name|name_kana|address|postal_code|.*_code|is_.*)$/.test(name)) {
        assert.equal(empty, 0, name)
      }
      if (optional.includes(name)) assert.ok(empty > 0 && empty < all.length, name)
    }
    assert.ok(
      all.every(
        ({ name, name_kana, founder_name }) => name !== '' && name_kana !== '' && founder_name !== '',
      ),
    )
  })

  it('writes as the ministry does: kana in full width, wide spaces, variant characters, （改行）', () => {
    assert.ok(all.every(({ name_kana }) => /^[ァ-ヶー\u3000]+$/.test(name_kana)))
    assert.ok(all.every(({ address }) => !/[0-9]/.test(address)))
    for (const pattern of [/医療法人社団\u3000/, /髙/, /﨑/, /澤/, /𠮷/]) {
      assert.ok(
        all.some(({ name }) => pattern.test(name)),
        String(pattern),
      )
    }
    assert.ok(all.some(({ remarks }) => remarks?.includes('（改行）')))
  })

  it('has only telephone numbers and addresses on the net that cannot exist', () => {
    for (const { phone, url } of all) {
      if (phone !== null) assert.match(phone, /^0\d{1,3}-00+-\d{4}$/)
      if (phone !== null) assert.equal(phone.replaceAll('-', '').length, 10)
      if (url !== null) assert.match(url, /^(https?:\/\/)?www\.m[0-9a-z]+\.example\//)
    }
  })

  it('reads names in Hepburn romaji', () => {
    const expected = {
      サトウ: 'Sato',
      ヨッカイチ: 'Yokkaichi',
      シュンヨウ: 'Shunyo',
      キョウト: 'Kyoto',
      ベップ: 'Beppu',
    }
    for (const [kana, latin] of Object.entries(expected)) assert.equal(romaji(kana), latin)
  })
})
