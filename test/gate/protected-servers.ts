import { createAdaptorServer } from '@hono/node-server'
import express from 'express'
import { fastify } from 'fastify'
import { Hono } from 'hono'
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { protect as protectExpress } from '../../packages/gate/src/express.ts'
import { protect as protectFastify } from '../../packages/gate/src/fastify.ts'
import { protect as protectHono } from '../../packages/gate/src/hono.ts'
import type { Gate } from '../../packages/gate/src/index.ts'

export interface ProtectedServer extends AsyncDisposable {
  readonly url: string
}

/** A service whose handlers answer with their caller as JSON, and with `vary: Accept`. */
export interface ProtectedService {
  readonly name: string
  readonly start: (gate: Gate) => Promise<ProtectedServer>
}

const VARY = 'Accept'

export const PROTECTED_SERVICES: readonly ProtectedService[] = [
  {
    name: 'Express',
    async start(gate) {
      const app = express()
      const router = express.Router()
      app.use((_request, response, next) => {
        response.setHeader('vary', VARY)
        next()
      })
      // A router shortens the URL of its requests.
      app.use('/orders', protectExpress(gate), router)
      router.get('/:id', (request, response) => void response.json(request.principal))
      const server = app.listen(0, '127.0.0.1')
      await once(server, 'listening')
      return closing(server)
    },
  },
  {
    name: 'Fastify',
    async start(gate) {
      const app = fastify({ rewriteUrl: ({ url = '' }) => url.replace('/orders/', '/rewritten/') })
      app.addHook('onRequest', async (_request, reply) => {
        reply.header('vary', VARY)
        await Promise.resolve()
      })
      app.addHook('onRequest', protectFastify(gate))
      app.get('/rewritten/:id', async (request) => await Promise.resolve(request.principal))
      await app.listen({ port: 0, host: '127.0.0.1' })
      return closing(app.server)
    },
  },
  {
    name: 'Hono',
    async start(gate) {
      const app = new Hono()
      app.use(protectHono(gate))
      app.get('/orders/:id', (context) => {
        context.header('vary', VARY)
        return context.json(context.get('principal'))
      })
      const server = createAdaptorServer(app) as Server
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      return closing(server)
    },
  },
]

function closing(server: Server): ProtectedServer {
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
