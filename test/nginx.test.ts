import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { nginxProgram } from './services/nginx.ts'
import { setUpAcme, textAt } from './support/api-client.ts'
import { publishPipeline } from './support/published-pipeline.ts'
import { startServerProcess, throwAwayFolder } from './support/server-process.ts'
import { startEchoUpstream } from './support/upstream.ts'

/** nginx with the locations that docs/proxies.md shows, on free ports. */
function nginxConfiguration(folder: string, port: number, gatewayUrl: string, upstreamUrl: string): string {
  const documented = readFileSync(join(import.meta.dirname, '..', 'docs', 'proxies.md'), 'utf8')
  const locations = /```nginx\n(.*?)```/s.exec(documented)?.[1]
  if (locations === undefined) throw new Error('docs/proxies.md shows no configuration of nginx')
  return `
worker_processes 1;
daemon off;
pid ${folder}/nginx.pid;
error_log stderr warn;
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  server {
    listen 127.0.0.1:${port};
    ${locations.replaceAll('http://127.0.0.1:8081', gatewayUrl).replaceAll('http://127.0.0.1:9000', upstreamUrl)}
  }
}`
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

test(
  'nginx with auth_request lets the same key in and keeps the others out',
  { timeout: 180_000 },
  async () => {
    await using folder = await throwAwayFolder()
    await using upstream = await startEchoUpstream()
    await using server = await startServerProcess({ SALLYPORT_DATA: join(folder.path, 'data') })
    const acme = await setUpAcme(server)
    const published = await publishPipeline(acme, 'orders', `${upstream.url}/unused`, { path: '/orders/:id' })
    const stranger = await acme.must('POST', '/v1/organizations/acme/consumers', {
      name: 'stranger',
      environment: 'prod',
    })

    const port = await freePort()
    const nginxFolder = join(folder.path, 'nginx')
    await mkdir(nginxFolder)
    // Started as root, nginx's worker runs as another user, which must get into the folder.
    await Promise.all([folder.path, nginxFolder].map(async (path) => await chmod(path, 0o777)))
    const configuration = join(nginxFolder, 'nginx.conf')
    await writeFile(configuration, nginxConfiguration(nginxFolder, port, server.gatewayUrl, upstream.url))
    const program = await nginxProgram()
    const nginx = spawn(program.path, ['-c', configuration, '-p', nginxFolder], {
      env: { ...process.env, ...program.env },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    nginx.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    const ended = once(nginx, 'exit')
    try {
      const call = async (headers: Record<string, string>, path = '/acme/prod/orders/7'): Promise<Response> =>
        await fetch(`http://127.0.0.1:${port}${path}`, { headers })
      await vi.waitFor(
        async () => {
          expect(nginx.exitCode, said).toBeNull()
          expect((await call({})).status).toBe(401)
        },
        { timeout: 30_000, interval: 50 },
      )

      const letIn = await call({
        'x-api-key': published.token,
        'x-sallyport-consumer': 'forged',
        'x-sallyport-claims': 'forged',
      })
      expect(letIn.status).toBe(200)
      const reached = (await letIn.json()) as { url: string; headers: Record<string, string> }
      expect(reached.url).toBe('/acme/prod/orders/7')
      expect(reached.headers['x-sallyport-consumer']).toBe('caller-of-orders')
      expect(reached.headers['x-sallyport-key']).toBe(published.keyId)
      expect(reached.headers['x-sallyport-organization']).toBe('acme')
      expect(reached.headers['x-sallyport-claims']).toBe('-')
      expect(JSON.stringify(reached)).not.toContain(published.token)

      const mistyped = published.token.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))
      expect((await call({})).status).toBe(401)
      expect((await call({})).headers.get('www-authenticate')).toMatch(/^Bearer /)
      expect((await call({ 'x-api-key': mistyped })).status).toBe(401)
      expect((await call({ 'x-api-key': textAt(stranger, 'token') })).status).toBe(403)
      // nginx takes no other refusal than 401 and 403, so what does not exist is a 403 there.
      expect((await call({ 'x-api-key': published.token }, '/acme/prod/nothing')).status).toBe(403)
      // What a caller says of its request is not what nginx says of it.
      const smuggled = await call({
        'x-api-key': textAt(stranger, 'token'),
        'x-original-url': '/acme/prod/open',
        'x-original-method': 'POST',
        'x-forwarded-uri': '/acme/prod/open',
      })
      expect(smuggled.status).toBe(403)

      await acme.must('DELETE', `/v1/organizations/acme/keys/${published.keyId}`)
      expect((await call({ 'x-api-key': published.token })).status).toBe(401)
    } finally {
      nginx.kill('SIGQUIT')
      await ended
    }
  },
)
