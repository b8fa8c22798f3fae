import js from '@eslint/js'
import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

const ROOMS = [
  'core',
  'config',
  'db',
  'files',
  'targets',
  'feeds',
  'activities',
  'workflows',
  'worker',
  'operations',
  'scripts',
  'console',
  'local',
  'bench',
]

/** Which rooms a room may import from, beside itself: the arrows of docs/architecture.md. */
const MAY_IMPORT = {
  core: [],
  config: ['core'],
  db: ['core'],
  files: ['core'],
  targets: ['core', 'db', 'files'],
  feeds: ['core', 'db', 'files'],
  activities: ['core', 'db', 'targets', 'feeds'],
  workflows: ['core'],
  worker: ['core', 'config', 'db', 'activities'],
  operations: ['core', 'config', 'db', 'targets', 'feeds'],
  scripts: ['core', 'config', 'operations', 'console', 'worker', 'local', 'bench'],
  console: ['core', 'config', 'operations'],
  local: ['core'],
  bench: ['core', 'operations', 'local'],
}

/** Types cost nothing at run time: these arrows may be drawn with `import type` only. */
const MAY_IMPORT_TYPES = {
  workflows: ['activities'],
  operations: ['workflows'],
  scripts: ['workflows'],
  console: ['workflows'],
}

/** Workflows run in a sandbox that has no Node; what they load is loaded once for each of them. */
const SANDBOX = [
  'node:*',
  'pg',
  'kysely',
  'zod',
  'yaml',
  '@temporalio/activity',
  '@temporalio/worker',
  '@temporalio/client',
]

function arrows(room) {
  const allowed = [room, ...MAY_IMPORT[room]]
  const types = MAY_IMPORT_TYPES[room] ?? []
  const patterns = ROOMS.filter((other) => !allowed.includes(other)).map((other) => ({
    group: [`../${other}/**`],
    allowTypeImports: types.includes(other),
    message: `${room}/ may not import ${other}/: see docs/architecture.md`,
  }))
  return {
    files: [`${room}/**/*.ts`],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns:
            room === 'workflows'
              ? [...patterns, { group: SANDBOX, message: 'workflows/ must be deterministic' }]
              : patterns,
        },
      ],
    },
  }
}

export default defineConfig(
  globalIgnores(['dist/', 'node_modules/']),
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'max-lines': ['error', { max: 400 }],
      'no-console': 'error',
    },
  },
  ...ROOMS.map(arrows),
  {
    files: ['**/*.js'],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: { globals: { URL: 'readonly' }, parserOptions: { projectService: false } },
  },
)
