import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'

const BLOCK = Buffer.alloc(64 * 1024, 'x')
const BLOCKS = 20

/**
 * Sends a request whose body in chunks becomes invalid, and goes on sending. Reads only then, as many clients do.
 *
 * @param head the request line and headers, without those that describe the body
 * @param breaks whether the body becomes invalid before or after the response arrives
 * @returns everything received
 * @throws the error of a write, if the server has reset the connection
 */
export async function sendBrokenBody(
  port: number,
  head: string,
  breaks: 'before the response' | 'after the response',
): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  try {
    socket.write(`${head}transfer-encoding: chunked\r\n\r\n5\r\nabcde\r\n`)
    if (breaks === 'after the response') await once(socket, 'readable')
    socket.write('ZZ\r\n')
    if (breaks === 'before the response') await once(socket, 'readable')
    for (let block = 0; block < BLOCKS; block += 1) {
      await new Promise<void>((resolve, reject) => {
        socket.write(BLOCK, (error) => (error ? reject(error) : resolve()))
      })
    }
    socket.end()
    return await text(socket)
  } finally {
    socket.destroy()
  }
}
