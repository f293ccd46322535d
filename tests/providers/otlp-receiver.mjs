// A collector of the OpenTelemetry protocol over gRPC and over HTTP with protobuf, that writes what it is sent as a JSON object a line.
// It decodes by the code that the OpenTelemetry project generates from the protocol's own protos.
import http from 'node:http';
import http2 from 'node:http2';
import { createRequire } from 'node:module';

const { opentelemetry } = createRequire(import.meta.url)('@opentelemetry/otlp-transformer/build/src/generated/root.js');
const collector = opentelemetry.proto.collector;
const kinds = {
  logs: collector.logs.v1.ExportLogsServiceRequest,
  metrics: collector.metrics.v1.ExportMetricsServiceRequest,
  trace: collector.trace.v1.ExportTraceServiceRequest,
};

function tell(protocol, path, headers, body) {
  const name = /logs|metrics|trace/.exec(path.toLowerCase())?.[0];
  const message = kinds[name].toObject(kinds[name].decode(body), { longs: String, enums: String, bytes: String });
  console.log(JSON.stringify({ protocol, signal: name, authorization: headers.authorization ?? '', message }));
}

const grpc = http2.createServer();
grpc.on('stream', (stream, headers) => {
  const parts = [];
  stream.on('data', (part) => parts.push(part));
  stream.on('end', () => {
    // The frame of gRPC: one byte that tells of compression, four of length.
    tell('grpc', headers[':path'], headers, Buffer.concat(parts).subarray(5));
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(Buffer.alloc(5));
  });
});

const plain = http.createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    tell('http', request.url, request.headers, Buffer.concat(parts));
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  });
});

grpc.listen(0, '127.0.0.1', () =>
  plain.listen(0, '127.0.0.1', () => console.log(`ready ${grpc.address().port} ${plain.address().port}`)));
