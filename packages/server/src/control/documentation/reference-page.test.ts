import { expect, test } from 'vitest'
import { openControlWorld } from '../testing/control-world.ts'

test('the page loads nothing from other hosts', async () => {
  await using world = await openControlWorld()
  const page = await world.app.inject('/docs/')
  expect(page.statusCode).toBe(200)
  expect(page.payload).not.toMatch(/(?:src|href)="https?:/)
  expect(page.payload).toContain('/v1/openapi.json')
  const policy = String(page.headers['content-security-policy'])
  expect(policy).toMatch(/script-src 'self' 'sha256-[A-Za-z0-9+/]{43}='/)
  expect(policy).not.toContain('http')
  const source = /<script src="([^"]+)"/.exec(page.payload)?.[1] ?? ''
  const script = await world.app.inject(new URL(source, 'http://localhost/docs/').pathname)
  expect(script.statusCode).toBe(200)
  expect(script.headers['content-type']).toContain('javascript')
})
