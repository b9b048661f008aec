import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { UsageError } from '../terminal/failure.ts'
import { changeProfiles, profilesFile, readProfiles } from './profiles.ts'

const PROFILE = { server: 'https://console.example.com', token: 'sp_sk_secret' }

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'sallyport-profiles-'))
})
afterEach(async () => {
  await rm(home, { recursive: true })
})

describe('the file of the profiles', () => {
  test.each([
    [{ HOME: '/home/ada' }, '/home/ada/.config/sallyport/profiles.json'],
    [{ HOME: '/home/ada', XDG_CONFIG_HOME: '/etc/ada' }, '/etc/ada/sallyport/profiles.json'],
    [{ HOME: '/home/ada', XDG_CONFIG_HOME: '' }, '/home/ada/.config/sallyport/profiles.json'],
    [{ HOME: '/home/ada', XDG_CONFIG_HOME: 'relative' }, '/home/ada/.config/sallyport/profiles.json'],
  ])('with %j is %s', (environment, file) => {
    expect(profilesFile(environment)).toBe(file)
  })

  test('is for its owner alone, and leaves nothing beside it', async () => {
    await changeProfiles({ HOME: home }, (profiles) => new Map([...profiles, ['__proto__', PROFILE]]))
    const file = profilesFile({ HOME: home })
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await stat(dirname(file))).mode & 0o777).toBe(0o700)
    expect(await readdir(dirname(file))).toEqual(['profiles.json'])
    expect([...(await readProfiles({ HOME: home }))]).toEqual([['__proto__', PROFILE]])
  })

  test.each(['{"default": sp_sk_secret}', '[1]', 'null', '{"default": {"server": 1}}'])(
    '%s is not understood, and not quoted',
    async (content) => {
      const file = profilesFile({ HOME: home })
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, content)
      const error = await readProfiles({ HOME: home }).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(UsageError)
      expect((error as UsageError).message).toBe(`${file} cannot be read. Repair or remove it.`)
    },
  )
})
