import { setFlagsFromString } from 'node:v8'

/**
 * Makes V8 allocate every object among the young ones. By default it allocates objects from places whose objects have
 * lived for long among the old ones. For a server this begins when many requests arrive at once, and it never ends: an old
 * object keeps all the young ones that it points to, so whole requests grow old, whose objects have then lived for long.
 */
export function keepRequestsYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring')
}
