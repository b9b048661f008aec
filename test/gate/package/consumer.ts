// Compiled by the test against the declarations of the installed package.

import { connectGate, type Gate, type GateDecision, type Principal } from '@sallyport/gate'
import { protect as protectExpress } from '@sallyport/gate/express'
import { protect as protectFastify } from '@sallyport/gate/fastify'
import { protect as protectHono } from '@sallyport/gate/hono'
import express from 'express'
import { fastify } from 'fastify'
import { Hono } from 'hono'
import { createServer } from 'node:http'

const gate: Gate = await connectGate({
  urls: ['https://control.example.com'],
  folder: 'gate',
  environment: 'acme/prod',
  trustedProxies: ['10.0.0.0/8'],
})

export function textOf(decision: GateDecision): string {
  return decision.allowed ? (decision.principal.consumer ?? 'anonymous') : decision.code
}

const nameOf = (principal: Principal | undefined): string => principal?.consumer ?? 'anonymous'

const app = express()
app.use(protectExpress(gate))
app.get('/', (request, response) => void response.send(nameOf(request.principal)))

const server = fastify()
server.addHook('onRequest', protectFastify(gate, { path: '/' }))
server.get('/', (request) => nameOf(request.principal))

export const hono = new Hono()
  .use(protectHono(gate))
  .get('/', (context) => context.text(nameOf(context.get('principal'))))

createServer(async (request, response) => {
  const decision = await gate.decide(request)
  response.end(textOf(decision))
})
await gate.decide(new Request('https://api.example.com/orders'), { address: '192.0.2.1' })
// @ts-expect-error a request has a method
void gate.decide({ path: '/orders', headers: {} })
await gate.close()
