import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const CHECKOUT = new URL('../../', import.meta.url)

export function pathOf(file: string): string {
  return fileURLToPath(new URL(file, CHECKOUT))
}

export function readPage(file: string): string {
  return readFileSync(pathOf(file), 'utf8')
}

/** The code blocks of a language, without the indentation of the list that they stand in. */
export function codeBlocks(text: string, language: string): readonly string[] {
  const blocks = text.matchAll(new RegExp(`^( *)\`\`\`${language}\\n(.*?)^ *\`\`\`$`, 'gmsu'))
  return [...blocks].map(([, indent = '', block = '']) => block.replace(new RegExp(`^${indent}`, 'gmu'), ''))
}

/** What stands between single backquotes, outside of code blocks. */
export function inlineCode(text: string): readonly string[] {
  const prose = text.replace(/^( *)```.*?^ *```$/gmsu, '')
  return [...prose.matchAll(/`([^`\n]+)`/gu)].map(([, code = '']) => code)
}

/** Where the links of a page lead within the checkout. */
export function localLinks(text: string): readonly string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/gu)]
    .map(([, target = '']) => target.replace(/#.*$/u, ''))
    .filter((target) => target !== '' && !/^[a-z]+:/u.test(target))
}

const COMMAND = /^(?:npx|npm|docker) /u

/** Every command that a page tells to type, in order: the lines of shell blocks, and those within the text. */
export function commands(text: string): readonly string[] {
  const lines = codeBlocks(text, 'sh').flatMap((block) => block.trimEnd().split('\n'))
  return [...lines, ...inlineCode(text).filter((code) => COMMAND.test(code))]
}
