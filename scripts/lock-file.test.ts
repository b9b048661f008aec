import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { portableLockFile } from './lock-file.mjs'

test('package-lock.json names no registry and no engines of its packages; npm install cleans it', () => {
  const text = readFileSync(join(import.meta.dirname, '..', 'package-lock.json'), 'utf8')
  expect(portableLockFile(text)).toBe(text)
})

test('only packages of the registry lose these members', () => {
  const engines = { node: '>=22' }
  const link = { resolved: 'packages/core', link: true }
  const local = { version: '1.0.0', resolved: 'file:../other', engines }
  const packages = {
    '': { name: 'a', engines },
    'packages/core': { version: '0.1.0', engines },
    'node_modules/@a/core': link,
    'node_modules/b': {
      version: '1.0.0',
      resolved: 'https://registry.example/b.tgz',
      integrity: 'c',
      engines,
    },
    'node_modules/d': local,
    'packages/core/node_modules/b': { version: '2.0.0', engines },
  }
  expect(JSON.parse(portableLockFile(JSON.stringify({ lockfileVersion: 3, packages })))).toEqual({
    lockfileVersion: 3,
    packages: {
      ...packages,
      'node_modules/b': { version: '1.0.0', integrity: 'c' },
      'node_modules/d': { version: '1.0.0', resolved: 'file:../other' },
      'packages/core/node_modules/b': { version: '2.0.0' },
    },
  })
})
