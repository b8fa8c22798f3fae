import { mkdir, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyRequest } from 'fastify'
import type { Master } from '../../../core/master.js'
import { checkLength, storeFile, TooLarge } from '../../request/body.js'
import { checkToken, TOKEN } from '../../request/token.js'
import type { Sessions } from '../../access/sessions.js'
import { removeUpload, type Upload } from '../../uploads.js'
import { visitOf } from '../../request/visit.js'
import { readingOf } from './reading.js'

/** Of all files together. */
const MOST_BYTES = 1024 ** 3
const MOST_FILES = 200

export interface Received {
  readonly upload: Upload
  /** Only to be looked at. */
  readonly look: boolean
}

/** Takes the files of a form, in temporary ones. @throws Refusal where the form is not ours, before a file is read */
export async function receive(
  request: FastifyRequest,
  sessions: Sessions,
  master: Master,
): Promise<Received> {
  const fields = new Map<string, string>()
  const folder = await mkdtemp(join(tmpdir(), 'master-sync-upload-'))
  try {
    const files: string[] = []
    let bytes = 0
    let checked = false
    for await (const part of request.parts({
      limits: {
        files: MOST_FILES,
        fileSize: MOST_BYTES,
        fields: 20,
        fieldSize: 1_000,
        parts: MOST_FILES + 20,
      },
    })) {
      if (part.type === 'field') {
        const value = typeof part.value === 'string' ? part.value : ''
        if (part.fieldname === TOKEN && !checked) {
          checkToken(request, sessions, value)
          checkLength(request, MOST_BYTES)
          checked = true
        }
        fields.set(part.fieldname, value)
        continue
      }
      if (!checked) checkToken(request, sessions, undefined)
      checked = true
      if (part.filename === '') {
        part.file.resume()
        continue
      }
      // Of the same name there may be two, from different folders.
      const own = join(folder, String(files.length))
      await mkdir(own)
      const path = join(own, plainName(part.filename))
      await storeFile(part, path)
      bytes += part.file.bytesRead
      if (bytes > MOST_BYTES) throw new TooLarge()
      files.push(path)
    }
    if (!checked) checkToken(request, sessions, undefined)
    const { session } = visitOf(request)
    const upload = { session: session.id, master: master.master, folder, files, reading: readingOf(fields) }
    return { upload, look: fields.get('mode') === 'plan' }
  } catch (error) {
    await removeUpload({ folder })
    throw error
  }
}

const NAME_CHARACTERS = 60

/** The name tells the form of a file and its date: its end matters, and no path does. */
function plainName(filename: string): string {
  const name = filename.replaceAll(/[\p{C}/\\]/gu, '_').replace(/^\.+/u, '_')
  return Array.from(name).slice(-NAME_CHARACTERS).join('') || '_'
}
