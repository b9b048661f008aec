import { createAdaptorServer } from '@hono/node-server'
import { identityOf } from '@sallyport/sdk'
import { protect as protectExpress } from '@sallyport/sdk/express'
import { protect as protectFastify } from '@sallyport/sdk/fastify'
import { protect as protectHono } from '@sallyport/sdk/hono'
import { protect as protectListener } from '@sallyport/sdk/node'
import express, { type ErrorRequestHandler } from 'express'
import { fastify } from 'fastify'
import { Hono } from 'hono'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Framework, FrameworkServer, OwnAnswer } from './framework.ts'

/** The message that the error handler of every framework answers with. */
const FAILED = 'the handler failed'

function ownAnswer(request: object, body: string): OwnAnswer {
  const { consumer, key } = identityOf(request)
  return { consumer, key, body }
}

async function listening(server: Server): Promise<FrameworkServer> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function answerPlain(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === '/failing') throw new Error(FAILED)
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify(ownAnswer(request, await text(request))))
}

const plain: Framework = {
  name: 'node:http',
  async start({ verifier, onUnavailable }) {
    const guarded = protectListener(verifier, answerPlain, { onUnavailable })
    return await listening(
      createServer((request, response) => {
        guarded(request, response).then(undefined, () => response.writeHead(500).end(FAILED))
      }),
    )
  },
}

const answerError: ErrorRequestHandler = (error: Error, _request, response, _next) => {
  response.status(500).send(error.message)
}

const expressFramework: Framework = {
  name: 'Express',
  async start({ verifier, onUnavailable }) {
    const router = express.Router()
    // Two ways at once: `url` is shorter inside a router than outside.
    router.use(protectExpress(verifier, { onUnavailable }))
    router.all('/:id', async (request, response) => {
      response.vary('Accept').json(ownAnswer(request, await text(request)))
    })
    const app = express()
    app.use('/orders', router)
    app.all('/limited', protectExpress(verifier, { onUnavailable }), async (request, response) => {
      response.json(ownAnswer(request, await text(request)))
    })
    app.all('/failing', protectExpress(verifier, { onUnavailable }), () => {
      throw new Error(FAILED)
    })
    app.use(answerError)
    return await listening(createServer(app))
  },
}

async function answerFastify(request: { readonly body: unknown }): Promise<OwnAnswer> {
  return await Promise.resolve(ownAnswer(request, typeof request.body === 'string' ? request.body : ''))
}

const fastifyFramework: Framework = {
  name: 'Fastify',
  async start({ verifier, onUnavailable }) {
    const app = fastify()
    app.addHook('onRequest', protectFastify(verifier, { onUnavailable }))
    app.addContentTypeParser('text/plain', { parseAs: 'string' }, (_request, body, done) => done(null, body))
    const methods = ['GET', 'POST']
    app.route({ method: methods, url: '/orders/:id', handler: answerFastify })
    app.route({ method: methods, url: '/limited', handler: answerFastify })
    app.get('/failing', async () => await Promise.reject(new Error(FAILED)))
    app.setErrorHandler(async (error: Error, _request, reply) => await reply.code(500).send(error.message))
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    return { url, [Symbol.asyncDispose]: async () => await app.close() }
  },
}

const hono: Framework = {
  name: 'Hono',
  async start({ verifier, onUnavailable }) {
    const app = new Hono()
    app.use(protectHono(verifier, { onUnavailable }))
    app.all('/orders/:id', async (context) => context.json(ownAnswer(context.req, await context.req.text())))
    app.all('/limited', async (context) =>
      Response.json(ownAnswer(context.req.raw, await context.req.text())),
    )
    app.get('/failing', () => {
      throw new Error(FAILED)
    })
    app.onError((error, context) => context.text(error.message, 500))
    return await listening(createAdaptorServer({ fetch: app.fetch }) as Server)
  },
}

/** The frameworks that run in the process of the test. */
export const NODE_FRAMEWORKS: readonly Framework[] = [plain, expressFramework, fastifyFramework, hono]
