// What one would write first: Fastify takes JSON, onnxruntime-node runs it, JSON goes back.
import Fastify from 'fastify';
import ort from 'onnxruntime-node';

const [model, port] = process.argv.slice(2);
const session = await ort.InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1 });
const server = Fastify({ bodyLimit: 64 << 20 });

server.post('/v2/models/:model/infer', async (request) => {
  const feeds = {};
  for (const { name, shape, data } of request.body.inputs) {
    feeds[name] = new ort.Tensor('float32', Float32Array.from(data), shape);
  }
  const results = await session.run(feeds);
  return {
    model_name: request.params.model,
    outputs: Object.entries(results).map(([name, tensor]) => ({
      name,
      datatype: tensor.type === 'int64' ? 'INT64' : 'FP32',
      shape: tensor.dims,
      data: Array.from(tensor.data, Number),
    })),
  };
});

await server.listen({ host: '127.0.0.1', port: Number(port) });
