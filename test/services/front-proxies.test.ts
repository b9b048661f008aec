import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { caddyProgram } from './caddy.ts'
import type { FoundProgram } from './debian-program.ts'
import { haproxyProgram } from './haproxy.ts'
import { nginxProgram } from './nginx.ts'

async function outputOf(found: Promise<FoundProgram>, argument: string): Promise<string> {
  const { path, env } = await found
  const { stdout, stderr, status } = spawnSync(path, [argument], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  })
  expect(status, stderr).toBe(0)
  return stdout + stderr
}

test('nginx is available and has the auth_request module', async () => {
  expect(await outputOf(nginxProgram(), '-V')).toContain('--with-http_auth_request_module')
})

test('Caddy is available', async () => {
  expect(await outputOf(caddyProgram(), 'version')).toMatch(/^v?2\./)
})

test('HAProxy is available and runs Lua', async () => {
  expect(await outputOf(haproxyProgram(), '-vv')).toContain('Built with Lua version')
})
