import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { WORKER_ENVIRONMENT, WORKER_PROGRAM, WORKER_PERMISSIONS, LIBRARY_FILE } from './worker-permissions.ts'

/** The permission model covers the network from this version on. */
const NETWORK_PERMISSION_MAJOR = 25

/** A program that attempts what escaped code might, and prints the result of each attempt. */
const attemptsProgram = (port: number): string => `
  const attempts = {
    ownProgram: () => fs.readFileSync(${JSON.stringify(WORKER_PROGRAM)}),
    library: () => fs.readFileSync(${JSON.stringify(LIBRARY_FILE)}),
    otherSource: () => fs.readFileSync(${JSON.stringify(fileURLToPath(new URL('../composition/server.ts', import.meta.url)))}),
    nodeExecutable: () => fs.readFileSync(process.execPath),
    write: () => fs.writeFileSync(${JSON.stringify(join(tmpdir(), 'sallyport-worker-test'))}, ''),
    writeProgram: () => fs.writeFileSync(${JSON.stringify(WORKER_PROGRAM)}, ''),
    process: () => require('node:child_process').execFileSync(process.execPath, ['--version']),
    thread: () => new (require('node:worker_threads').Worker)('', { eval: true }),
    inspector: () => require('node:inspector').open(0),
    network: async () => {
      const socket = require('node:net').connect(${port}, '127.0.0.1')
      await require('node:events').once(socket, 'connect')
    },
  }
  const fs = require('node:fs')
  const runAll = async () => {
    const results = { environment: Object.keys(process.env) }
    for (const [name, run] of Object.entries(attempts)) {
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
  runAll()
`

test('a worker process can read its own program and JSONata, and has no other permission', async () => {
  await using server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...WORKER_PERMISSIONS, '--eval', attemptsProgram(port)],
    {
      env: WORKER_ENVIRONMENT,
    },
  )
  const denied = 'ERR_ACCESS_DENIED'
  const major = Number(process.versions.node.split('.')[0])
  expect(JSON.parse(stdout)).toEqual({
    environment: [],
    ownProgram: 'done',
    library: 'done',
    otherSource: denied,
    nodeExecutable: denied,
    write: denied,
    writeProgram: denied,
    process: denied,
    thread: denied,
    inspector: denied,
    network: major >= NETWORK_PERMISSION_MAJOR ? denied : 'done',
  })
})
