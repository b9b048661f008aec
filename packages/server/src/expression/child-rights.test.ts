import { execFile } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { CHILD_ENVIRONMENT, CHILD_PROGRAM, CHILD_RIGHTS, LIBRARY_FILE } from './child-rights.ts'

/** From this version on, the permission model holds for the network too. */
const NETWORK_RIGHTS_MAJOR = 25

/** What a program that got out of the sandbox would try, each with what came of it. */
const TRIES = `
  const tries = {
    ownProgram: () => fs.readFileSync(${JSON.stringify(CHILD_PROGRAM)}),
    library: () => fs.readFileSync(${JSON.stringify(LIBRARY_FILE)}),
    otherPart: () => fs.readFileSync(${JSON.stringify(fileURLToPath(new URL('../compose.ts', import.meta.url)))}),
    nodeItself: () => fs.readFileSync(process.execPath),
    write: () => fs.writeFileSync(${JSON.stringify(join(tmpdir(), 'sallyport-of-a-child'))}, ''),
    writeProgram: () => fs.writeFileSync(${JSON.stringify(CHILD_PROGRAM)}, ''),
    process: () => require('node:child_process').execFileSync(process.execPath, ['--version']),
    thread: () => new (require('node:worker_threads').Worker)('', { eval: true }),
    inspector: () => require('node:inspector').open(0),
    network: () => require('node:net').connect(9, '127.0.0.1').on('error', () => undefined),
  }
  const fs = require('node:fs')
  const results = { environment: Object.keys(process.env) }
  for (const [name, run] of Object.entries(tries)) {
    try {
      run()
      results[name] = 'done'
    } catch (error) {
      results[name] = error.code
    }
  }
  console.log(JSON.stringify(results))
  process.exit()
`

test('A child reads its own program, and can do nothing else', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [...CHILD_RIGHTS, '--eval', TRIES], {
    env: CHILD_ENVIRONMENT,
  })
  const denied = 'ERR_ACCESS_DENIED'
  const major = Number(process.versions.node.split('.')[0])
  expect(JSON.parse(stdout)).toEqual({
    environment: [],
    ownProgram: 'done',
    library: 'done',
    otherPart: denied,
    nodeItself: denied,
    write: denied,
    writeProgram: denied,
    process: denied,
    thread: denied,
    inspector: denied,
    network: major >= NETWORK_RIGHTS_MAJOR ? denied : 'done',
  })
})
