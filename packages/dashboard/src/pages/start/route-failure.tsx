import { useRouter } from '@tanstack/react-router'
import { Failure } from '../../parts/states/failure.tsx'
import { t } from '../../texts/texts.ts'
import { Alone } from '../../shell/alone.tsx'

/** What stands instead of a page whose code or session could not be read. */
export function RouteFailure({ error, reset }: { readonly error: unknown; readonly reset: () => void }) {
  const router = useRouter()
  return (
    <Alone title={t.failures.failed}>
      <Failure
        error={error}
        retry={() => {
          reset()
          void router.invalidate()
        }}
      />
    </Alone>
  )
}
