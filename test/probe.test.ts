import { expect, test } from 'vitest'
import { setUpAcme, textAt } from './support/api-client.ts'
import { startServerProcess, throwAwayFolder } from './support/server-process.ts'

const organization = '/v1/organizations/acme'

test('What the probe says of a new deployment is what a stranger gets at its URL', async () => {
  await using folder = await throwAwayFolder()
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
    const wanted = { pipeline: name, version: '1.0', environment: 'test' }
    const made = await acme.must('POST', `${organization}/deployments`, wanted)
    const probe = { alarm: false, results: [{ method: 'GET', route: `/${name}/:id`, outcome, alarm: false }] }
    expect(made).toMatchObject({ probe })
    expect(await acme.must('GET', `${organization}/deployments/${textAt(made, 'id')}`)).toMatchObject({
      probe,
    })

    const stranger = await fetch(textAt(made, 'url').replace(':id', '7'))
    const body = (await stranger.json()) as { readonly code?: string }
    expect(stranger.status === 200 ? 'allow' : body.code).toBe(outcome)
  }
})
