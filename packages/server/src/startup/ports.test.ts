import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import type { Config } from '../config/config.ts'
import { readConfig } from '../config/read-config.ts'
import { CONTROL_PORT, GATEWAY_PORT, listenProblem, portProblems } from './ports.ts'

const problemsOf = ({ control, gateway }: Config) =>
  portProblems([
    [control, CONTROL_PORT],
    [gateway, GATEWAY_PORT],
  ])

test('names the setting of each port in use, and leaves free ports free', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const port = String((taken.address() as AddressInfo).port)
  try {
    const inUse = await problemsOf(readConfig({ SALLYPORT_PORT: '0', SALLYPORT_GATEWAY_PORT: port }))
    expect(inUse).toMatchObject([{ variable: 'SALLYPORT_GATEWAY_PORT' }])
    expect(inUse[0]?.message).toContain(`Port ${port} on 127.0.0.1 is in use`)
  } finally {
    taken.close()
    await once(taken, 'close')
  }
  const free = readConfig({ SALLYPORT_PORT: port, SALLYPORT_GATEWAY_PORT: '0' })
  expect(await problemsOf(free)).toEqual([])
  expect(await problemsOf(free)).toEqual([])
})

test.each([
  ['EACCES', 'SALLYPORT_GATEWAY_PORT', 'Set a port from 1024 to 65535'],
  ['EADDRNOTAVAIL', 'SALLYPORT_GATEWAY_HOST', 'does not have the address'],
  ['EAI_AGAIN', 'SALLYPORT_GATEWAY_HOST', 'has no address'],
  ['EAFNOSUPPORT', 'SALLYPORT_GATEWAY_HOST', 'failed'],
])('explains %s with %s', (code, variable, message) => {
  const error = Object.assign(new Error(code), { code, syscall: 'listen' })
  const problem = listenProblem(error, { host: '::1', port: 443 }, GATEWAY_PORT)
  expect(problem).toMatchObject({ variable })
  expect(problem?.message).toContain(message)
})

test.each([
  new Error('a bug'),
  Object.assign(new Error('no file'), { code: 'ENOENT', syscall: 'open', path: '/opt/page.html' }),
])('leaves an error alone that is not about listening: %s', (error) => {
  expect(listenProblem(error, { host: '::1', port: 443 }, GATEWAY_PORT)).toBeNull()
})
