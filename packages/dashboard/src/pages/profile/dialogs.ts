import { useNavigate } from '@tanstack/react-router'
import type { ProfileDialog } from './search.ts'

/** Opens and closes what lies over the profile, in the URL. */
export function useDialogs() {
  const navigate = useNavigate({ from: '/profile' })
  return {
    open: (dialog: ProfileDialog, of?: string): void =>
      void navigate({ search: ({ organization }) => ({ organization, dialog, of }) }),
    close: (): void => void navigate({ search: ({ organization }) => ({ organization }), replace: true }),
  }
}
