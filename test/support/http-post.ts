/** A GraphQL request as it goes over the wire. */
export function httpPost(token: string, document: string): string {
  const body = JSON.stringify({ query: document });
  return `POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}
