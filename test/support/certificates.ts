import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FoundProgram } from '../services/debian-program.ts'
import { opensslProgram } from '../services/openssl.ts'

/** A certificate with its key, as PEM. */
export interface Certified {
  readonly certificate: string
  readonly key: string
}

/** A certificate authority for one test, made with OpenSSL. */
export class Authority implements Disposable {
  readonly #program: FoundProgram
  readonly #folder = mkdtempSync(join(tmpdir(), 'sallyport-ca-'))
  #count = 0

  /** @param name its common name */
  static async create(name: string): Promise<Authority> {
    return new Authority(await opensslProgram(), name)
  }

  private constructor(program: FoundProgram, name: string) {
    this.#program = program
    this.#openssl(
      'req',
      '-x509',
      ...KEY,
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
      '-days',
      '2',
      '-subj',
      `/CN=${name}`,
    )
  }

  get certificate(): string {
    return this.#read('ca.pem')
  }

  /** @param names as OpenSSL writes them, such as `DNS:localhost,IP:127.0.0.1` */
  issue(names: string): Certified {
    this.#count += 1
    const id = String(this.#count)
    this.#openssl('req', ...KEY, '-keyout', `${id}.key`, '-out', `${id}.csr`, '-subj', `/CN=${id}`)
    writeFileSync(join(this.#folder, `${id}.ext`), `subjectAltName=${names}\n`)
    this.#openssl(...SIGN, '-in', `${id}.csr`, '-extfile', `${id}.ext`, '-out', `${id}.pem`)
    return { certificate: this.#read(`${id}.pem`), key: this.#read(`${id}.key`) }
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true })
  }

  #openssl(...args: string[]): void {
    const { path, env } = this.#program
    execFileSync(path, args, { cwd: this.#folder, stdio: 'pipe', env: { ...process.env, ...env } })
  }

  #read(file: string): string {
    return readFileSync(join(this.#folder, file), 'utf8')
  }
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
const SIGN = ['x509', '-req', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2']
