import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { freePort } from './services/free-port.ts'
import { nginxProgram } from './services/nginx.ts'
import { setUpAcme } from './support/api-client.ts'
import { publishPipeline } from './support/published-pipeline.ts'
import { startServerProcess, temporaryFolder } from './support/server-process.ts'
import { eventually } from './support/eventually.ts'

interface RunningNginx extends AsyncDisposable {
  readonly url: string
  /** Fails if nginx has ended. */
  expectRunning(): void
}

/**
 * Starts nginx with one server on a free port.
 *
 * @param parent a folder that may be opened to nginx's own user
 * @param locations the content of the server block
 */
async function startNginx(parent: string, locations: string): Promise<RunningNginx> {
  const folder = join(parent, 'nginx')
  await mkdir(folder)
  // If nginx is started as root, its worker runs as another user, which must be able to enter the folder.
  await Promise.all([parent, folder].map(async (path) => await chmod(path, 0o777)))
  const configuration = join(folder, 'nginx.conf')
  const port = await freePort()
  await writeFile(configuration, nginxConfiguration(folder, port, locations))
  const program = await nginxProgram()
  const nginx = spawn(program.path, ['-c', configuration, '-p', folder], {
    env: { ...process.env, ...program.env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let errors = ''
  nginx.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const ended = once(nginx, 'exit')
  return {
    url: `http://127.0.0.1:${port}`,
    expectRunning: () => expect(nginx.exitCode, errors).toBeNull(),
    async [Symbol.asyncDispose]() {
      nginx.kill('SIGQUIT')
      await ended
    },
  }
}

function nginxConfiguration(folder: string, port: number, locations: string): string {
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
    ${locations}
  }
}`
}

/** Locations that tell which path nginx read: it decodes escapes and merges slashes. */
const GUARDED_LOCATIONS = `
    location = /orders/1/refund { return 200 "guarded"; }
    location = /int/admin { return 200 "guarded"; }
    location / { return 200 "open"; }
`

test(
  'a path that nginx decodes into a guarded one is refused at the gateway and at /authz',
  { timeout: 180_000 },
  async () => {
    await using folder = await temporaryFolder()
    await using nginx = await startNginx(folder.path, GUARDED_LOCATIONS)
    await using server = await startServerProcess({ SALLYPORT_DATA: join(folder.path, 'data') })
    const acme = await setUpAcme(server)
    const publish = async (name: string, path: string, target: string, isOpen: boolean): Promise<void> => {
      const fields = { path, authentication: isOpen ? {} : { apiKey: true } }
      await publishPipeline(acme, name, `${nginx.url}${target}`, fields)
    }
    await publish('order', '/orders/:id', '/orders/{id}', true)
    await publish('refund', '/orders/:id/refund', '/orders/{id}/refund', false)
    await publish('admin', '/int/admin', '/int/admin', false)
    await publish('rest', '/*', '/{*}', true)

    const read = async (url: string, headers: Record<string, string> = {}): Promise<string> => {
      const response = await fetch(url, { headers })
      return `${response.status} ${response.headers.get('x-sallyport-code') ?? (await response.text())}`
    }
    const throughGateway = async (path: string): Promise<string> =>
      await read(`${server.gatewayUrl}/acme/prod${path}`)
    const throughAuthz = async (path: string): Promise<string> =>
      await read(`${server.gatewayUrl}/authz`, {
        'x-original-method': 'GET',
        'x-original-url': `/acme/prod${path}`,
      })
    await eventually(async () => {
      nginx.expectRunning()
      expect(await read(`${nginx.url}/`)).toBe('200 open')
    })
    for (const path of [
      '/orders/1%2Frefund',
      '/orders/1%2frefund',
      '/int%2fadmin',
      '/int//admin',
      '//int/admin',
    ]) {
      expect([path, await read(`${nginx.url}${path}`)]).toEqual([path, '200 guarded'])
      expect([path, await throughGateway(path)]).toEqual([path, '400 invalid_request'])
      expect([path, await throughAuthz(path)]).toEqual([path, '400 invalid_request'])
    }
    // An escaped letter leads to the guarded route, which asks for a key.
    for (const path of ['/int/%61dmin', '/orders/%31/refund']) {
      expect([path, await read(`${nginx.url}${path}`)]).toEqual([path, '200 guarded'])
      expect([path, await throughGateway(path)]).toEqual([path, '401 credential_missing'])
      expect([path, await throughAuthz(path)]).toEqual([path, '401 credential_missing'])
    }
    for (const path of ['/orders/1-refund', '/int-admin', '/orders/1']) {
      expect([path, await throughGateway(path)]).toEqual([path, '200 open'])
      expect([path, await throughAuthz(path)]).toEqual([path, '200 '])
    }
  },
)
