// Runs on the Node.js of the machine, beside the installed package: sets up a server, and protects another one.

import { createClient, createVerifier, SallyportError } from '@sallyport/sdk'
import { identityOf, protect } from '@sallyport/sdk/node'
import { createServer } from 'node:http'

const { CONTROL_URL = '', GATEWAY_URL = '', SETUP_TOKEN = '' } = process.env
const { token: ownerToken } = await createClient({ url: CONTROL_URL }).setUp({
  setupToken: SETUP_TOKEN,
  organization: { slug: 'acme', name: 'Acme' },
})
const sallyport = createClient({ url: CONTROL_URL, token: ownerToken, organization: 'acme' })
await sallyport.createPipeline({
  name: 'orders',
  spec: {
    trigger: { kind: 'http', path: '/orders', methods: ['GET'], authentication: { apiKey: true } },
    steps: [{ respond: {} }],
  },
})
await sallyport.deploy({ pipeline: 'orders', version: '1.0', environment: 'prod' })
const consumer = { name: 'mobile-app', environment: 'prod', pipelines: ['orders'] }
const { token } = await sallyport.createConsumer(consumer)

const verifier = createVerifier({ gateway: GATEWAY_URL, organization: 'acme', environment: 'prod' })
const server = createServer(
  protect(verifier, (request, response) => response.end(`Hello ${identityOf(request).consumer}`)),
)
await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
const address = server.address()
const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/orders`
const allowed = await fetch(url, { headers: { 'x-api-key': token } })
const refused = await fetch(url)
const verification = await verifier.verify(new Request(url, { headers: { 'x-api-key': token } }))
const failure = await sallyport.getKey({ key: 'key_nothing' }).then(
  () => undefined,
  (error) => error,
)
console.log(
  JSON.stringify({
    keys: (await sallyport.listKeys({ search: 'mobile' }).toArray()).map(({ state }) => state),
    allowed: [allowed.status, await allowed.text()],
    refused: [refused.status, refused.headers.get('x-sallyport-code')],
    outcome: verification.outcome,
    failure: failure instanceof SallyportError && failure.code,
  }),
)
server.closeAllConnections()
server.close()
