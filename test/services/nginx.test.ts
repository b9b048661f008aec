import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { nginxProgram } from './nginx.ts'

test('nginx is available and has the auth_request module', async () => {
  const { path, env } = await nginxProgram()
  const { stderr, status } = spawnSync(path, ['-V'], { encoding: 'utf8', env: { ...process.env, ...env } })
  expect(status).toBe(0)
  expect(stderr).toContain('--with-http_auth_request_module')
})
