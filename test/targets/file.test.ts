import { deepEqual, equal, rejects, throws } from 'node:assert/strict'
import {
  appendFile,
  chmod,
  lstat,
  mkdir,
  readdir,
  readFile,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { keyFromDatabase } from '../../core/ids.js'
import { cellName } from '../../core/target-list.js'
import type { List, WrittenEntry } from '../../targets/list.js'
import { openList } from '../../targets/open.js'
import { parseListUri } from '../../targets/uri.js'
import { tempDir, type TempDir } from '../support/temp-dir.js'

const columns = ['medical_id']

async function ids(list: List): Promise<readonly string[]> {
  const found: string[] = []
  for await (const batch of (await list.read()).entries) found.push(...batch.map(({ key }) => key.join()))
  return found
}

async function* entries(...some: readonly string[]): AsyncGenerator<readonly WrittenEntry[]> {
  for (const id of some) yield await Promise.resolve([{ key: keyFromDatabase([id]), note: null }])
}

describe('a list in a file', () => {
  let temp: TempDir
  let folder: string
  beforeEach(async () => {
    temp = await tempDir()
    folder = temp.path
  })
  afterEach(() => temp.remove())

  const opened = (...path: readonly string[]): List => openList(join(...path), { columns, folder })

  it('is written and read in each form', async () => {
    for (const name of ['a.yaml', 'a.yml', 'a.CSV', 'a.xlsx']) {
      const list = opened(name)
      await list.write(entries('012', '1e3'))
      deepEqual(await ids(list), ['012', '1e3'])
    }
    deepEqual((await readdir(folder)).toSorted(), ['a.CSV', 'a.xlsx', 'a.yaml', 'a.yml'])
  })

  it('tells that it is not there, or is no file', async () => {
    const missing = opened('none.csv')
    await rejects(missing.read(), {
      code: 'LIST_UNREADABLE',
      message: /none\.csv cannot be read: there is no such file/u,
    })
    await mkdir(join(folder, 'folder.csv'))
    const other = opened('folder.csv')
    await rejects(other.read(), { code: 'LIST_UNREADABLE', message: /is not a file/u })
    const nowhere = opened('no', 'such.csv')
    await rejects(nowhere.write(entries('1')), { code: 'LIST_UNREADABLE', message: /cannot be written/u })
  })

  it('is refused where it changes while it is read', async () => {
    const path = join(folder, 'a.csv')
    await writeFile(path, `id\n${'0123456\n'.repeat(100_000)}`)
    const { entries: all } = await opened('a.csv').read()
    const taken = async (): Promise<void> => {
      for await (const _ of all) await appendFile(path, '9\n')
    }
    await rejects(taken(), { code: 'LIST_UNREADABLE', message: /was changed while it was read/u })
  })

  it('is replaced whole or not at all, and stays the link, and as private, as it was', async () => {
    const path = join(folder, 'a.yaml')
    await writeFile(path, '# ours\nsync_targets:\n  - medical_id: 01\n')
    await chmod(path, 0o640)
    await symlink('a.yaml', join(folder, 'link.yaml'))
    const list = opened('link.yaml')
    await rejects(list.write(entries('1', ' 2 ')), { code: 'LIST_INVALID' })
    deepEqual(await ids(list), ['01'])
    await list.write(entries('01', '2'))
    equal(await readFile(path, 'utf8'), '# ours\nsync_targets:\n  - medical_id: 01\n  - medical_id: 2\n')
    equal((await stat(path)).mode & 0o777, 0o640)
    equal((await lstat(join(folder, 'link.yaml'))).isSymbolicLink(), true)
    equal((await readdir(folder)).length, 2)
  })

  it('is not written over what somebody wrote meanwhile', async () => {
    const path = join(folder, 'a.csv')
    for (const before of [null, 'id\n1\n']) {
      if (before !== null) await writeFile(path, before)
      const meanwhile = async function* (): AsyncGenerator<readonly WrittenEntry[]> {
        yield* entries('2')
        await writeFile(path, 'id\n3\n44\n')
      }
      const list = opened('a.csv')
      await rejects(list.write(meanwhile()), { code: 'LIST_UNREADABLE', message: /was changed/u })
      equal(await readFile(path, 'utf8'), 'id\n3\n44\n')
    }
    equal((await readdir(folder)).length, 1)
  })
})

describe('the name of a list', () => {
  it('is a file, an object of S3 or a table of DynamoDB', () => {
    deepEqual(parseListUri('lists/東京.YML'), { kind: 'file', path: 'lists/東京.YML', format: 'yaml' })
    deepEqual(parseListUri('s3://my-bucket/a b/c.xlsx'), {
      kind: 's3',
      bucket: 'my-bucket',
      key: 'a b/c.xlsx',
      format: 'xlsx',
    })
    deepEqual(parseListUri('dynamodb://held_ids'), { kind: 'dynamodb', table: 'held_ids' })
  })

  it('is refused otherwise, with what is known', () => {
    for (const uri of [
      '',
      'ids',
      'ids.xls',
      'ids.txt',
      's3://bucket',
      's3://bucket/',
      's3://b/a.csv',
      's3://bucket/a',
      'dynamodb://',
      'dynamodb://a/b',
      'https://a/b.csv',
      'a\0.csv',
    ])
      throws(() => openList(uri, { columns, folder: '.' }), { code: 'LIST_URI_INVALID' }, uri)
  })
})

describe('a cell', () => {
  it('is called as spreadsheets call it', () => {
    deepEqual(
      [1, 26, 27, 702, 703].map((column) => cellName({ line: 12, column })),
      ['A12', 'Z12', 'AA12', 'ZZ12', 'AAA12'],
    )
  })
})
