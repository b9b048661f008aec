import { expect, test } from 'vitest'
import { startScriptedServer, type Step } from '../testing/scripted-server.ts'
import { createVerifier } from '../verifier/create-verifier.ts'
import { identityOf, protectProxy, protectRoute } from './next.ts'

const ALLOWED = {
  'x-sallyport-organization': 'acme',
  'x-sallyport-environment': 'prod',
  'x-sallyport-pipeline': 'orders',
  'x-sallyport-consumer': 'mobile-app',
  'x-sallyport-key': '-',
  'x-sallyport-claims': '-',
  'x-sallyport-labels': '-',
  'x-sallyport-outcome': 'allowed',
  ratelimit: '"key-day";r=4;t=9',
  vary: 'Origin',
}
const allow: Step = (response) => void response.writeHead(200, ALLOWED).end()

/** A verifier whose gateway allows everything. */
async function open() {
  const gateway = await startScriptedServer(allow)
  const verifier = createVerifier({ gateway: gateway.url, organization: 'acme', environment: 'prod' })
  return { verifier, [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose]() }
}

const request = (headers: Record<string, string> = {}) => new Request('http://h.example/orders', { headers })

test('the headers of the gateway are added to answers that cannot be changed', async () => {
  await using world = await open()
  const redirect = protectRoute(world.verifier, () => Response.redirect('http://h.example/other', 303))
  const answer = await redirect(request(), undefined)
  expect([answer.status, answer.headers.get('location')]).toEqual([303, 'http://h.example/other'])
  expect([answer.headers.get('ratelimit'), answer.headers.get('vary')]).toEqual([ALLOWED.ratelimit, 'Origin'])
})

test('an answer keeps its own headers, and is the same object if it can be changed', async () => {
  await using world = await open()
  const own = new Response('x', { headers: { vary: 'Accept', 'set-cookie': 'a=b' } })
  const answer = await protectRoute(world.verifier, () => own)(request(), undefined)
  expect(answer).toBe(own)
  expect([answer.headers.get('vary'), answer.headers.get('set-cookie')]).toEqual(['Accept, Origin', 'a=b'])
})

test('a handler gets its request and its context, and its error goes to the framework', async () => {
  await using world = await open()
  const route = protectRoute(world.verifier, (one: Request, context: { id: string }) => {
    throw new Error(`${identityOf(one).consumer} ${context.id}`)
  })
  await expect(route(request(), { id: '7' })).rejects.toThrow('mobile-app 7')
})

test('a proxy passes on the headers of the gateway, and no other header with their prefix', async () => {
  await using world = await open()
  const caller = { accept: 'text/html', 'x-sallyport-consumer': 'admin', 'X-Sallyport-Role': 'admin' }
  let passed = new Headers()
  const proxy = protectProxy(world.verifier, (_request, headers) => {
    passed = headers
    return new Response()
  })
  await proxy(request(caller))
  const identity = Object.entries(ALLOWED).filter(
    ([name]) => name.startsWith('x-sallyport-') && name !== 'x-sallyport-outcome',
  )
  expect(Object.fromEntries(passed)).toEqual({ accept: 'text/html', ...Object.fromEntries(identity) })
})
