import { deepEqual, equal, ok } from 'node:assert/strict'
import fc from 'fast-check'
import { SyncError } from '../../core/errors.js'
import { yamlTexts } from './yaml-texts.js'
import { read, readOrRefused, withoutPlaces, write, type Told } from './reading.js'

const TRIES = Number(process.env['DAMAGED'] ?? 2000)

const text = fc
  .string({
    unit: fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constantFrom(
          ...['0', '1', '9'],
          'a',
          'E',
          '=',
          '+',
          '-',
          '@',
          "'",
          '"',
          ',',
          ';',
          '\t',
          '\n',
          '\r',
          ' ',
          '#',
          ':',
          '_x0041_',
          '\\',
          '&',
          '<',
          '施',
          '１',
          '𠮷',
          '\u0085',
          '\u2028',
          '\ufeff',
          '\u0001',
          '\u001f',
          '\ufffe',
          '~',
          '|',
          '%',
          '/',
          '.',
        ),
      },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
    ),
    maxLength: 6,
  })
  .filter((value) => !value.includes('\0') && !value.includes('\u001b'))

const id = fc
  .oneof(
    text,
    fc.constantFrom('0123456', '1e3', '0x1F', '１２３', 'AB-12', 'null', 'true', '~', '2024-01-01', '123456'),
  )
  .map((value) => value.trim())
  .filter((value) => value !== '' && !value.includes('¦'))

const note = fc.oneof(
  fc.constant(null),
  text.map((value) => (value === '' ? null : value)),
  fc.constantFrom('=1+1', '-5', '@a', '\tx', "'x", '001', '導入予定'),
)

const entries: fc.Arbitrary<readonly Told[]> = fc.uniqueArray(
  fc.tuple(id, note).map(([one, other]): Told => [one, other]),
  { maxLength: 8, selector: ([one]) => one },
)

describe('a list that was written', () => {
  for (const format of ['yaml', 'csv', 'xlsx'] as const) {
    it(`gives back exactly what went into it, as ${format}`, async () => {
      await fc.assert(
        fc.asyncProperty(entries, async (all) => {
          deepEqual(withoutPlaces(await read(format, await write(format, all))), all)
        }),
        { numRuns: format === 'xlsx' ? TRIES / 8 : TRIES / 2 },
      )
    })
    it(`gives back the parts of ids, as ${format}`, async () => {
      const columns = ['region', 'no']
      const all: readonly Told[] = [
        ['0東¦012', 'a,b'],
        ['x"y¦1', null],
      ]
      deepEqual(withoutPlaces(await read(format, await write(format, all, { columns }), { columns })), all)
    })
  }

  it('keeps, over a list in YAML, the entries that stay in their order and puts new ones behind', async () => {
    await fc.assert(
      fc.asyncProperty(
        yamlTexts,
        entries,
        fc.array(fc.tuple(fc.boolean(), note), { maxLength: 5 }),
        async (before, more, choices) => {
          const there = await readOrRefused('yaml', before)
          if (there instanceof SyncError) return
          const stay = new Map<string, string | null>()
          const met = new Set<string>()
          for (const [index, [one, old]] of there.entries.entries()) {
            const [stays, changed] = choices[index] ?? [true, old]
            if (stays && !met.has(one)) stay.set(one, changed)
            met.add(one)
          }
          const wanted: readonly Told[] = [...stay, ...more.filter(([one]) => !met.has(one))]
          const shuffled = wanted.toReversed()
          const written = await write('yaml', shuffled, { before })
          const found = withoutPlaces(await read('yaml', written))
          deepEqual(found.slice(0, stay.size), [...stay])
          deepEqual(
            new Map(found.map(([one, other]) => [one, other])),
            new Map(wanted.map(([one, other]) => [one, other])),
          )
          equal(found.length, wanted.length)
        },
      ),
      { numRuns: TRIES },
    )
  })

  it('is left as it stands where its entries stay', async () => {
    await fc.assert(
      fc.asyncProperty(yamlTexts, async (before) => {
        const there = await readOrRefused('yaml', before)
        if (there instanceof SyncError) return
        const all = withoutPlaces(there)
        if (
          new Set(all.map(([one]) => one)).size < all.length ||
          before.includes('[') ||
          before.includes('"sync')
        )
          return
        const written = (await write('yaml', all, { before })).toString()
        ok(written === before || written === `${before}\n` || written === `${before}\r\n`, written)
      }),
      { numRuns: TRIES },
    )
  })
})
