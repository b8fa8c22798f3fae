import { readFile } from 'node:fs/promises'
import { refused, told } from './fetch-errors.js'
import { fetchFile, isPage, type FetchedFile, type FetchInto } from './fetch-file.js'
import { onward } from './fetch-url.js'
import { newestFiles } from './newest-files.js'

/**
 * Fetches files; of an address that is a page, the newest of each series that it links to.
 * @throws SyncError IMPORT_UNREACHABLE, IMPORT_REFUSED; the reason of the signal
 */
export async function resolveFiles(urls: readonly URL[], into: FetchInto): Promise<readonly FetchedFile[]> {
  const files: FetchedFile[] = []
  for (const url of urls) {
    const fetched = await fetchFile(url, into)
    if (!isPage(fetched)) files.push(fetched)
    else for (const link of await linksOf(fetched)) files.push(await linkedFile(link, into))
  }
  return files
}

async function linksOf({ path, url }: FetchedFile): Promise<readonly URL[]> {
  // Whatever its encoding: names of files, and what makes up a tag, are the same bytes in ASCII, UTF-8, EUC-JP and
  // Shift_JIS, whose other characters hold none of < > " ' & / = nor a digit.
  const links = newestFiles(await readFile(path, 'latin1'), url)
  if (links.length > 0) return links.map((link) => onward(url, link.href))
  throw refused(
    `${told(url)} is a page without a link to a dated file, such as NAME_20260601.csv.zip, .zip, .csv or .gz`,
  )
}

/** What should be a file and is a page says that the site is closed, or who we are. */
async function linkedFile(link: URL, into: FetchInto): Promise<FetchedFile> {
  const file = await fetchFile(link, into)
  if (isPage(file)) throw refused(`${told(link)} should be a file, and is a page`)
  return file
}
