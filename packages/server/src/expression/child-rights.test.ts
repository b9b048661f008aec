import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { CHILD_ENVIRONMENT, CHILD_PROGRAM, CHILD_RIGHTS, LIBRARY_FILE } from './child-rights.ts'

/** From this version on, the permission model holds for the network too. */
const NETWORK_RIGHTS_MAJOR = 25

/** What a program that got out of the sandbox would try, each with what came of it. */
const triesWith = (port: number): string => `
  const tries = {
    ownProgram: () => fs.readFileSync(${JSON.stringify(CHILD_PROGRAM)}),
    library: () => fs.readFileSync(${JSON.stringify(LIBRARY_FILE)}),
    otherPart: () => fs.readFileSync(${JSON.stringify(fileURLToPath(new URL('../composition/server.ts', import.meta.url)))}),
    nodeItself: () => fs.readFileSync(process.execPath),
    write: () => fs.writeFileSync(${JSON.stringify(join(tmpdir(), 'sallyport-of-a-child'))}, ''),
    writeProgram: () => fs.writeFileSync(${JSON.stringify(CHILD_PROGRAM)}, ''),
    process: () => require('node:child_process').execFileSync(process.execPath, ['--version']),
    thread: () => new (require('node:worker_threads').Worker)('', { eval: true }),
    inspector: () => require('node:inspector').open(0),
    network: async () => {
      const socket = require('node:net').connect(${port}, '127.0.0.1')
      await require('node:events').once(socket, 'connect')
    },
  }
  const fs = require('node:fs')
  const tryAll = async () => {
    const results = { environment: Object.keys(process.env) }
    for (const [name, run] of Object.entries(tries)) {
      try {
        await run()
        results[name] = 'done'
      } catch (error) {
        results[name] = error.code
      }
    }
    console.log(JSON.stringify(results))
    process.exit()
  }
  tryAll()
`

test('A child reads its own program, and can do nothing else', async () => {
  await using server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...CHILD_RIGHTS, '--eval', triesWith(port)],
    {
      env: CHILD_ENVIRONMENT,
    },
  )
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
