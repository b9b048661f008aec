import { constants, createBrotliCompress, createGzip, createZstdCompress } from 'node:zlib'
import type { Transform } from 'node:stream'
import { FairShare, type Tenant } from '../../fairness/fair-share.ts'
import type { ContentCoding } from './content-coding.ts'

/** Bodies that are compressed at a time. Each has up to 800 KiB, and at most one chunk in the thread pool. */
const COMPRESSIONS_MAX = 64
/** The window of Brotli, as a power of two. Larger ones gain little with responses, and take megabytes. */
const BROTLI_WINDOW_BITS = 17
/** Levels at which a mebibyte of JSON takes 2 to 7 ms. */
const ZSTD_LEVEL = 1
const BROTLI_LEVEL = 3
const GZIP_LEVEL = 4

/** A stream of zlib, which can send what it has so far. */
export interface CodingStream extends Transform {
  flush(callback?: () => void): void
}

/** Bounds how many bodies are compressed at a time. Organizations share that, and what is beyond is sent as it is. */
export class Compressors {
  readonly #share: FairShare

  /** @param threads of the gateway, which share the bound */
  constructor(threads = 1) {
    this.#share = new FairShare(Math.ceil(COMPRESSIONS_MAX / threads))
  }

  get running(): number {
    return this.#share.used
  }

  /** @returns false if the tenant's share is used up; otherwise `release` gives the place back */
  take(tenant: Tenant): boolean {
    return this.#share.take(tenant)
  }

  release(tenant: Tenant): void {
    this.#share.give(tenant)
  }
}

/** A stream that applies a coding. */
export function codingStream(coding: ContentCoding): CodingStream {
  switch (coding) {
    case 'zstd':
      return createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL } })
    case 'br':
      return createBrotliCompress({
        params: {
          [constants.BROTLI_PARAM_QUALITY]: BROTLI_LEVEL,
          [constants.BROTLI_PARAM_LGWIN]: BROTLI_WINDOW_BITS,
        },
      })
    case 'gzip':
      return createGzip({ level: GZIP_LEVEL })
  }
}
