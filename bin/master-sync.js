#!/usr/bin/env node
// In a checkout the sources run as they are, through tsx; where there are none (the container) the compiled ones do.
import { existsSync } from 'node:fs'

if (existsSync(new URL('../scripts/main.ts', import.meta.url))) {
  const { register } = await import('tsx/esm/api')
  register()
  await import('../scripts/main.ts')
} else {
  await import('../dist/scripts/main.js')
}
