/** The one JWT of an `Authorization` header with the Bearer scheme (RFC 6750, 2.1); undefined for anything else. */
export function bearerToken(authorization: string): string | undefined {
  return /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization)?.[1];
}
