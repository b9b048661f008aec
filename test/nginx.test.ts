import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { freePort } from './services/free-port.ts'
import { nginxProgram } from './services/nginx.ts'
import { setUpAcme, textAt } from './support/api-client.ts'
import { publishPipeline } from './support/published-pipeline.ts'
import { startServerProcess, temporaryFolder } from './support/server-process.ts'
import { startEchoUpstream } from './support/upstream.ts'

/** A configuration of nginx with the locations of docs/proxies.md, on free ports. */
function nginxConfiguration(folder: string, port: number, gatewayUrl: string, upstreamUrl: string): string {
  const documented = readFileSync(join(import.meta.dirname, '..', 'docs', 'proxies.md'), 'utf8')
  const locations = /```nginx\n(.*?)```/s.exec(documented)?.[1]
  if (locations === undefined) throw new Error('docs/proxies.md contains no nginx configuration')
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

test(
  'nginx with auth_request admits an allowed key and refuses all others',
  { timeout: 180_000 },
  async () => {
    await using folder = await temporaryFolder()
    await using upstream = await startEchoUpstream()
    await using server = await startServerProcess({ SALLYPORT_DATA: join(folder.path, 'data') })
    const acme = await setUpAcme(server)
    const published = await publishPipeline(acme, 'orders', `${upstream.url}/unused`, { path: '/orders/:id' })
    const unassociated = await acme.must('POST', '/v1/organizations/acme/consumers', {
      name: 'unassociated',
      environment: 'prod',
    })

    const port = await freePort()
    const nginxFolder = join(folder.path, 'nginx')
    await mkdir(nginxFolder)
    // If nginx is started as root, its worker runs as another user, which must be able to enter the folder.
    await Promise.all([folder.path, nginxFolder].map(async (path) => await chmod(path, 0o777)))
    const configuration = join(nginxFolder, 'nginx.conf')
    await writeFile(configuration, nginxConfiguration(nginxFolder, port, server.gatewayUrl, upstream.url))
    const program = await nginxProgram()
    const nginx = spawn(program.path, ['-c', configuration, '-p', nginxFolder], {
      env: { ...process.env, ...program.env },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let errors = ''
    nginx.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text
    })
    const ended = once(nginx, 'exit')
    try {
      const call = async (headers: Record<string, string>, path = '/acme/prod/orders/7'): Promise<Response> =>
        await fetch(`http://127.0.0.1:${port}${path}`, { headers })
      await vi.waitFor(
        async () => {
          expect(nginx.exitCode, errors).toBeNull()
          expect((await call({})).status).toBe(401)
        },
        { timeout: 30_000, interval: 50 },
      )

      const allowed = await call({
        'x-api-key': published.token,
        'x-sallyport-consumer': 'forged',
        'x-sallyport-claims': 'forged',
      })
      expect(allowed.status).toBe(200)
      const forwarded = (await allowed.json()) as { url: string; headers: Record<string, string> }
      expect(forwarded.url).toBe('/acme/prod/orders/7')
      expect(forwarded.headers['x-sallyport-consumer']).toBe('caller-of-orders')
      expect(forwarded.headers['x-sallyport-key']).toBe(published.keyId)
      expect(forwarded.headers['x-sallyport-organization']).toBe('acme')
      expect(forwarded.headers['x-sallyport-claims']).toBe('-')
      expect(JSON.stringify(forwarded)).not.toContain(published.token)

      const mistyped = published.token.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))
      expect((await call({})).status).toBe(401)
      expect((await call({})).headers.get('www-authenticate')).toMatch(/^Bearer /)
      expect((await call({ 'x-api-key': mistyped })).status).toBe(401)
      expect((await call({ 'x-api-key': textAt(unassociated, 'token') })).status).toBe(403)
      // auth_request accepts only 401 and 403 as refusals, so an unknown path is a 403.
      expect((await call({ 'x-api-key': published.token }, '/acme/prod/nothing')).status).toBe(403)
      // Request headers of a caller cannot override those that nginx sets.
      const smuggled = await call({
        'x-api-key': textAt(unassociated, 'token'),
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
