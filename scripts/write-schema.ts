import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { format } from 'prettier'
import { masterJsonSchema } from '../core/master-file.js'

// `npm run schema`: what editors check a master's file against, from the very schema that reads it.
const path = fileURLToPath(new URL('../masters/master.schema.json', import.meta.url))
await writeFile(path, await format(JSON.stringify(masterJsonSchema()), { filepath: path, printWidth: 110 }))
