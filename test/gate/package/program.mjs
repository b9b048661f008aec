// Run by the test with the installed package.

import { connectGate } from '@sallyport/gate'

const { GATE_URL: url, GATE_FOLDER: folder = '', ENROLMENT_TOKEN: enrolmentToken, API_KEY: key } = process.env
const gate = await connectGate({ url, folder, enrolmentToken, environment: 'acme/prod' })

let decision
do {
  // The key may be newer than the first snapshot.
  await new Promise((resolve) => setTimeout(resolve, 20))
  decision = await gate.decide({ method: 'GET', path: '/orders/7', headers: { 'x-api-key': key } })
} while (!decision.allowed)
const refused = await gate.decide(new Request('http://orders.test/orders/7'))
await gate.close()

console.log(
  JSON.stringify({
    allowed: decision.principal.consumer,
    refused: refused.allowed ? null : [refused.status, refused.code],
  }),
)
