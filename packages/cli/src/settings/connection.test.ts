import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type ConnectionOptions } from './connection.ts'
import { changeProfiles } from './profiles.ts'

let home: string
let url: string
let asked: { authorization: string | undefined; path: string | undefined }[] = []
const server = createServer(({ headers: { authorization }, url: path }, response) => {
  asked.push({ authorization, path })
  response.setHeader('content-type', 'application/json').end('{"items":[],"next":null}')
})

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'sallyport-connection-'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await changeProfiles(
    { HOME: home },
    () =>
      new Map([
        ['default', { server: `${url}/`, token: 'of-default', organization: 'acme' }],
        ['work', { server: url, token: 'of-work', organization: 'globex' }],
        ['far', { server: 'https://far.example.com', token: 'of-far' }],
      ]),
  )
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await rm(home, { recursive: true })
})

test.each<[string, ConnectionOptions, Record<string, string>, string, string | undefined]>([
  ['the default profile', {}, {}, 'of-default', 'acme'],
  ['its server in other words', { server: 'URL' }, {}, 'of-default', 'acme'],
  ['an option for the organization', { organization: 'other' }, {}, 'of-default', 'other'],
  [
    'a token of a variable, without the organization of a profile',
    {},
    { SALLYPORT_TOKEN: 'mine' },
    'mine',
    undefined,
  ],
  ['a token with a line break', {}, { SALLYPORT_TOKEN: 'mine\r\n' }, 'mine', undefined],
  ['an organization of a variable', {}, { SALLYPORT_ORGANIZATION: 'initech' }, 'of-default', 'initech'],
  [
    'a profile by its option',
    { profile: 'work' },
    { SALLYPORT_URL: 'https://x.example', SALLYPORT_TOKEN: 'mine' },
    'of-work',
    'globex',
  ],
  [
    'a profile by its variable',
    {},
    { SALLYPORT_PROFILE: 'work', SALLYPORT_ORGANIZATION: 'acme' },
    'of-work',
    'globex',
  ],
])('%s', async (_, options, variables, token, organization) => {
  asked = []
  const given = options.server === undefined ? options : { ...options, server: url }
  const connection = await connect(given, { HOME: home, ...variables })
  expect(connection.organization).toBe(organization)
  await connection.client.listOrganizations().page()
  expect(asked).toEqual([{ authorization: `Bearer ${token}`, path: '/v1/organizations' }])
})

test.each<[string, ConnectionOptions, Record<string, string>, string]>([
  ['another server than that of the profile', { server: 'https://x.example' }, {}, 'Which key?'],
  [
    'another server than that of the named profile',
    { profile: 'far', server: 'https://x.example' },
    {},
    'Which key?',
  ],
  ['a profile that is not there', { profile: 'constructor' }, {}, 'There is no profile "constructor".'],
  ['an empty server', { server: '' }, {}, '--server is empty.'],
  ['an empty organization', { organization: '' }, {}, '--organization is empty.'],
  ['no server', {}, { HOME: '/nowhere' }, 'Which server?'],
  ['a token that is none', {}, { SALLYPORT_TOKEN: 'sp sk' }, 'The token has characters'],
])('%s is refused', async (_, options, variables, message) => {
  await expect(connect(options, { HOME: home, ...variables })).rejects.toThrow(message)
})
