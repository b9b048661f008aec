import { expect, test } from 'vitest'
import { setUpAcme, textAt } from './support/api-client.ts'
import { startServerProcess, temporaryFolder } from './support/server-process.ts'

const organization = '/v1/organizations/acme'

test('the probe of a new deployment reports what an anonymous caller gets at its URL', async () => {
  await using folder = await temporaryFolder()
  await using server = await startServerProcess({ SALLYPORT_DATA: folder.path })
  const acme = await setUpAcme(server)
  const cases = {
    keyed: { authentication: { apiKey: true }, outcome: 'credential_missing' },
    named: { authentication: { basic: true }, outcome: 'basic_invalid' },
    signed: { authentication: { jwt: true }, outcome: 'token_missing' },
    open: { authentication: {}, outcome: 'allow' },
  }
  for (const [name, { authentication, outcome }] of Object.entries(cases)) {
    const trigger = { kind: 'http', path: `/${name}/:id`, methods: ['GET'], authentication }
    const spec = { trigger, steps: [{ respond: { body: { ok: true } } }] }
    await acme.must('POST', `${organization}/pipelines`, { name, spec })
    const deployment = { pipeline: name, version: '1.0', environment: 'test' }
    const created = await acme.must('POST', `${organization}/deployments`, deployment)
    const probe = { alarm: false, results: [{ method: 'GET', route: `/${name}/:id`, outcome, alarm: false }] }
    expect(created).toMatchObject({ probe })
    expect(await acme.must('GET', `${organization}/deployments/${textAt(created, 'id')}`)).toMatchObject({
      probe,
    })

    const response = await fetch(textAt(created, 'url').replace(':id', '7'))
    const body = (await response.json()) as { readonly code?: string }
    expect(response.status === 200 ? 'allow' : body.code).toBe(outcome)
  }
})
